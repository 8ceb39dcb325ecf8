"""Install the Pulumi engine into `.engine/bin`: from PATH, by the official installation, or by a build."""
