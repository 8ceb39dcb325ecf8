"""The services that moto serves in this process: every service without a folder of its own."""
