-- What an agent's turn said last about how to find back into it, for a server that takes the agent over.
ALTER TABLE agent ADD COLUMN mark TEXT;
