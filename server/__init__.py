"""The web server: pages, linked data, SPARQL endpoint, API and MCP server. ``app.create_app`` lists its routes."""
