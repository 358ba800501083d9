"""What tests share: paths, servers, browsers, small data, a misbehaving endpoint."""
