"""Ask a real AWS account about behaviour that AWS does not document, cheapest question first (docs/aws.md)."""
