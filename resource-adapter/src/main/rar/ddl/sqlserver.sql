-- Outcomes of transactions for connection factories with transactionMode=CHECK_BACK, and of messages that
-- beans received with outcomeDataSource. In the schema that the application's data source works in.
-- Another name than MOIETY_OUTCOME is set as outcomeTable.
CREATE TABLE MOIETY_OUTCOME (
  ID VARCHAR(80) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY,
  STATE VARCHAR(12) COLLATE Latin1_General_BIN2 NOT NULL,
  CREATED_MILLIS BIGINT NOT NULL,
  DETAIL VARCHAR(3500)
);
CREATE INDEX MOIETY_OUTCOME_AGE ON MOIETY_OUTCOME (STATE, CREATED_MILLIS, ID);
