"""Who is a lead for which country: rules propose, and people decide with their signature."""
