"""How the Pulumi engine gets into `.engine/bin`: from PATH, by the official install, or built."""
