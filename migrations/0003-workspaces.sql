-- What git says of a workspace, as of its last scan; all NULL where there is no repository, or nobody has looked yet.
-- `repository` names the repository across clones and worktrees (src/domain/workspace/repository-name.ts).
-- `notice` is a sentence for people: why its files are not watched as they should be.
ALTER TABLE workspace ADD COLUMN repository TEXT CHECK (repository <> '');
ALTER TABLE workspace ADD COLUMN branch TEXT;
ALTER TABLE workspace ADD COLUMN head TEXT;
ALTER TABLE workspace ADD COLUMN dirty INTEGER CHECK (dirty = 0 OR dirty = 1);
ALTER TABLE workspace ADD COLUMN scanned_at INTEGER;
ALTER TABLE workspace ADD COLUMN notice TEXT;

-- Which other workspaces are of this repository?
CREATE INDEX workspace_repository ON workspace (repository) WHERE repository IS NOT NULL;
