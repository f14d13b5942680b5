"""Long work that outlives a closed browser and a killed process: a durable queue (DBOS) and its worker."""
