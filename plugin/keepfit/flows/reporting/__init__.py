"""What is reported of a model as it stands: what its candidate is worth and its promotions brought, and half a page for who pays for it."""
