-- Which events speak of an observation? What is forgotten is taken out of them too.
CREATE INDEX event_observation ON event (observation_id) WHERE observation_id IS NOT NULL;
