BEGIN TRANSACTION;
CREATE TABLE keepfit_chain (
	id INTEGER NOT NULL, 
	length INTEGER NOT NULL, 
	head VARCHAR(80) NOT NULL, 
	rules VARCHAR(80), 
	PRIMARY KEY (id)
);
INSERT INTO "keepfit_chain" VALUES(1,12,'sha256:5d8cec066f5df821c8d829c3f296ec38eb0ca8ca2e562d9a868405acb0ffb10e','sha256:2fb9622a65c028c693160a8e52355b3343d0a567f9c5fda6f92e31ec52a0fc93');
CREATE TABLE keepfit_journal (
	id INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	workspace VARCHAR(63) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	model VARCHAR(256) NOT NULL, 
	version VARCHAR(40) NOT NULL, 
	target VARCHAR(512) NOT NULL, 
	previous VARCHAR(40), 
	model_digest VARCHAR(80), 
	certificate VARCHAR(80), 
	rules VARCHAR(80), 
	who VARCHAR(256) NOT NULL, 
	via VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	parent VARCHAR(80) NOT NULL, 
	hash VARCHAR(80) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "keepfit_journal" VALUES(1,'2026-11-30T02:42:35.724+00:00','default','adopted','flights-late','1','alias champion',NULL,'sha256:4f6c760ad58e0b4d1c3600376c994224aca72c5e11859aa6eceec8e25acac018',NULL,NULL,'root','client','adopted v1 as alias champion: because','{"by": "ci", "created": "1796006555672", "nonce": "0", "reason": "because"}','sha256:0000000000000000000000000000000000000000000000000000000000000000','sha256:5b315dc64e72ff5b0c15cfb737defaf36349d697362910dd7caecf3ad849b6b7');
INSERT INTO "keepfit_journal" VALUES(2,'2026-11-30T02:42:35.776+00:00','default','rules changed','*','-','',NULL,NULL,NULL,'sha256:f49edcedbccaef15fc80a7609bbb04af07f3442526b3d50f54cf01403ac85233','root','client','the rules are now sha256:f49edcedbccaef15fc80a7609bbb04af07f3442526b3d50f54cf01403ac85233','{}','sha256:5b315dc64e72ff5b0c15cfb737defaf36349d697362910dd7caecf3ad849b6b7','sha256:de03265b6c9a34f54a962b345bbd6d20d9a464d99dc6cde2a7f3f9a62df6733d');
INSERT INTO "keepfit_journal" VALUES(3,'2026-11-30T02:42:35.776+00:00','default','refused','flights-late','2','alias champion','1',NULL,NULL,'sha256:f49edcedbccaef15fc80a7609bbb04af07f3442526b3d50f54cf01403ac85233','root','client','keepfit refused flights-late v2 as alias champion: [KF-G002] the version has no certificate → keepfit certify flights-late 2. All reasons: reload /#/models/flights-late/versions/2','{"created": "1796006555758"}','sha256:de03265b6c9a34f54a962b345bbd6d20d9a464d99dc6cde2a7f3f9a62df6733d','sha256:0c408d0964ad88304c72221989dd41ed97852da8bf887256a64f7c828811109d');
INSERT INTO "keepfit_journal" VALUES(4,'2026-11-30T02:42:35.816+00:00','default','promoted','flights-late','2','alias champion','1','sha256:4bd8b30e83edb55d080e9d561f29f96bc6b2179f505cb37384354216b9acf33f','sha256:b152e7980925fdf01add969a3ec99c4b1871100bad7a9a1b8dd37073aa0fc86b','sha256:f49edcedbccaef15fc80a7609bbb04af07f3442526b3d50f54cf01403ac85233','root','client','keepfit: flights-late v2 promoted to alias champion','{"created": "1796006555758", "issued": "2026-11-30T02:42:28.355540+00:00"}','sha256:0c408d0964ad88304c72221989dd41ed97852da8bf887256a64f7c828811109d','sha256:9fec3824f8b035cfdbc7908e183dd4dd39a4f4dd090919ab7e1d4572c82a4d61');
INSERT INTO "keepfit_journal" VALUES(5,'2026-11-30T02:42:35.839+00:00','default','rolled back','flights-late','1','alias champion','2','sha256:4f6c760ad58e0b4d1c3600376c994224aca72c5e11859aa6eceec8e25acac018',NULL,'sha256:f49edcedbccaef15fc80a7609bbb04af07f3442526b3d50f54cf01403ac85233','root','client','keepfit: rolled back: flights-late v1 is alias champion again','{"created": "1796006555672"}','sha256:9fec3824f8b035cfdbc7908e183dd4dd39a4f4dd090919ab7e1d4572c82a4d61','sha256:c3e4c1deae80eead66f9a957217a0c364788cac6c24a2d75674c0f1eb576b16e');
INSERT INTO "keepfit_journal" VALUES(6,'2026-11-30T02:42:35.901+00:00','default','approved','flights-late','3','champion',NULL,'sha256:447f547ac33cdc9f63f7eecc524981d40dbcc566fcbc8f9ec2bdc2783b24147d','sha256:577b4911cebddfba05c6f7d3dcfbd17a8587a18286b6c618ed15f1d8cddc3c0b',NULL,'rita','server','approved v3 as champion on certificate sha256:577b4911cebd…','{}','sha256:c3e4c1deae80eead66f9a957217a0c364788cac6c24a2d75674c0f1eb576b16e','sha256:19443e7a5e6294f5eb48b1a8583827eeae391370a64852f6d9c19c9b11538dd3');
INSERT INTO "keepfit_journal" VALUES(7,'2026-11-30T02:42:35.909+00:00','default','withdrawn','flights-late','3','champion',NULL,NULL,NULL,NULL,'rita','server','withdrew the own approval of v3','{"approver": "rita"}','sha256:19443e7a5e6294f5eb48b1a8583827eeae391370a64852f6d9c19c9b11538dd3','sha256:f1ba361cad85f4cb70a0490822468aaf7e690a0a3eae9a3a8f10204fc89bb53a');
INSERT INTO "keepfit_journal" VALUES(8,'2026-11-30T02:42:35.920+00:00','default','approved','flights-late','3','champion',NULL,'sha256:447f547ac33cdc9f63f7eecc524981d40dbcc566fcbc8f9ec2bdc2783b24147d','sha256:577b4911cebddfba05c6f7d3dcfbd17a8587a18286b6c618ed15f1d8cddc3c0b',NULL,'rita','server','approved v3 as champion on certificate sha256:577b4911cebd…','{}','sha256:f1ba361cad85f4cb70a0490822468aaf7e690a0a3eae9a3a8f10204fc89bb53a','sha256:72f248e3d6d0e7094d854356e1e6a0f7d6e271440471d2173f266c5403f61e21');
INSERT INTO "keepfit_journal" VALUES(9,'2026-11-30T02:42:35.932+00:00','default','waived','flights-late','3','slices',NULL,'sha256:447f547ac33cdc9f63f7eecc524981d40dbcc566fcbc8f9ec2bdc2783b24147d','sha256:577b4911cebddfba05c6f7d3dcfbd17a8587a18286b6c618ed15f1d8cddc3c0b',NULL,'paul','server','waived slices for v3 until 2026-12-02T02:42: because','{"by": "ci", "nonce": "1", "reason": "because", "rule": "slices", "until": "2026-12-02T02:42:28.355540+00:00"}','sha256:72f248e3d6d0e7094d854356e1e6a0f7d6e271440471d2173f266c5403f61e21','sha256:d8c2e73be492c37f11030a92cb216e5d86f846cf825a72c5ab7be1a0c1bd783d');
INSERT INTO "keepfit_journal" VALUES(10,'2026-11-30T02:42:35.950+00:00','default','rules changed','*','-','',NULL,NULL,NULL,'sha256:2fb9622a65c028c693160a8e52355b3343d0a567f9c5fda6f92e31ec52a0fc93','paul','server','the rules are now sha256:2fb9622a65c028c693160a8e52355b3343d0a567f9c5fda6f92e31ec52a0fc93, before sha256:f49edcedbccaef15fc80a7609bbb04af07f3442526b3d50f54cf01403ac85233','{}','sha256:d8c2e73be492c37f11030a92cb216e5d86f846cf825a72c5ab7be1a0c1bd783d','sha256:b439873388dbb443edd444f435128aa50a48ee0fd859f605c2c34d4d59445080');
INSERT INTO "keepfit_journal" VALUES(11,'2026-11-30T02:42:35.950+00:00','default','promoted','flights-late','3','stage Production, alias champion','1','sha256:447f547ac33cdc9f63f7eecc524981d40dbcc566fcbc8f9ec2bdc2783b24147d','sha256:577b4911cebddfba05c6f7d3dcfbd17a8587a18286b6c618ed15f1d8cddc3c0b','sha256:2fb9622a65c028c693160a8e52355b3343d0a567f9c5fda6f92e31ec52a0fc93','paul','server','keepfit: flights-late v3 promoted to stage Production','{"approvers": "rita", "created": "1796006555870", "issued": "2026-11-30T02:42:28.355540+00:00", "waived": "slices"}','sha256:b439873388dbb443edd444f435128aa50a48ee0fd859f605c2c34d4d59445080','sha256:9b5fe437ef4b241d20eb9b31f1ab04e197a20950d40ed3ade91faff53a46b8a8');
INSERT INTO "keepfit_journal" VALUES(12,'2026-11-30T02:42:35.984+00:00','default','retired','flights-late','3','alias champion, stage Production',NULL,NULL,NULL,NULL,'paul','server','retired alias champion and stage Production: because','{"by": "ci", "nonce": "2", "reason": "because", "versions": "3"}','sha256:9b5fe437ef4b241d20eb9b31f1ab04e197a20950d40ed3ade91faff53a46b8a8','sha256:5d8cec066f5df821c8d829c3f296ec38eb0ca8ca2e562d9a868405acb0ffb10e');
CREATE INDEX keepfit_journal_model ON keepfit_journal (workspace, model);
COMMIT;
