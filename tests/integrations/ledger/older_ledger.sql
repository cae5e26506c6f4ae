-- A ledger as the first keepfit that had one wrote it (schema 1): one window, its ticket, the state, one owed effect. Never edit: old ledgers stay as they are.
BEGIN TRANSACTION;
CREATE TABLE keepfit_ledger (
	schema INTEGER NOT NULL
);
INSERT INTO "keepfit_ledger" VALUES(1);
CREATE TABLE keepfit_outbox (
	number INTEGER NOT NULL, 
	"key" VARCHAR(400) NOT NULL, 
	verb VARCHAR(40) NOT NULL, 
	payload TEXT NOT NULL, 
	done INTEGER NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE ("key")
);
INSERT INTO "keepfit_outbox" VALUES(1,'announce:m:2013-02-harm','announce','{"model": "m", "ticket": "2013-02-harm"}',0);
CREATE TABLE keepfit_state (
	model VARCHAR(255) NOT NULL, 
	champion VARCHAR(80) NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (model)
);
INSERT INTO "keepfit_state" VALUES('m','sha256:aa','{"drifting":{"x":2},"last_improve":"2013-03-01T00:00:00","schema":1,"windows":1}');
CREATE TABLE keepfit_tickets (
	number INTEGER NOT NULL, 
	model VARCHAR(255) NOT NULL, 
	id VARCHAR(80) NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "keepfit_tickets" VALUES(1,'m','2013-02-harm','open','{"action":"improve","affected":"400 rows","branch":null,"cause":"harm:overall","champion":"1","evidence":[{"detail":"d","detector":"roc_auc","e_value":null,"effect":-0.1,"high":-0.05,"kind":"performance","low":-0.15,"n":400,"n_reference":0,"p_value":null,"statistic":0.7,"subject":"overall"}],"ground":"harm","id":"2013-02-harm","model":"m","next":["keepfit improve 2013-02-harm"],"note":"","opened":"2013-03-01T00:00:00","reasons":["worse"],"schema":1,"status":"open","target":"2013-02-01T00:00:00","until":null,"window":"2013-02"}');
CREATE TABLE keepfit_windows (
	model VARCHAR(255) NOT NULL, 
	champion VARCHAR(80) NOT NULL, 
	window VARCHAR(40) NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (model, champion, window)
);
INSERT INTO "keepfit_windows" VALUES('m','sha256:aa','2013-02','seen','{"champion":"sha256:aa","decision":{"action":"improve","cause":"harm:overall","ground":"harm","reasons":["worse"],"schema":1,"target":"2013-02-01T00:00:00","window":"2013-02"},"evidence":[{"detail":"d","detector":"roc_auc","e_value":null,"effect":-0.1,"high":-0.05,"kind":"performance","low":-0.15,"n":400,"n_reference":0,"p_value":null,"statistic":0.7,"subject":"overall"}],"high":0.75,"labelled":400,"low":0.65,"metric":"roc_auc","model":"m","notes":["n"],"quarantined":[],"rows":400,"schema":1,"status":"seen","ticket":"2013-02-harm","value":0.7,"verdict":null,"version":"1","window":{"end":"2013-03-01T00:00:00","first_row":null,"id":"2013-02","last_row":null,"schema":1,"source":"rows.csv","start":"2013-02-01T00:00:00"}}');
CREATE INDEX ix_keepfit_tickets_model ON keepfit_tickets (model);
COMMIT;
