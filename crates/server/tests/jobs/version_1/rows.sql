-- A waiting job, one that a server was doing when it was stopped, a finished one, a failed one, an upload cut off.
INSERT INTO sigill_jobs (id, owner, kind, state, done, total, created, queued, started, finished, expires, beat, ticket, runner, attempts, meeting, options, idempotency_key, digest, problem, findings, made) VALUES
    ('waiting', 'anna', 'pack', 'queued', 0, 0, 1764000000000, 1764000000000, NULL, NULL, NULL, 1764000000000, 'ticket-1', NULL, 0, 'kallelse.json', '{"copy":null,"edition":null,"keep_going":false,"profile":null,"reserve":null}', 'key-1', '287a80e10cf9d9ab9c87cc9c44a54a265504a200c1dba46e2cc519e98a04a38d', NULL, NULL, NULL),
    ('running', 'bo', 'pack', 'running', 1, 2, 1764000000000, 1764000000001, 1764000000002, NULL, NULL, 1764000000003, 'ticket-2', 'a-server', 3, 'kallelse.json', '{"copy":null,"edition":null,"keep_going":false,"profile":null,"reserve":null}', 'key-2', '2816e30599088496399a4cac6cee50ca25c03adaeefa63aff7618be7406afb1f', NULL, NULL, NULL),
    ('done', 'anna', 'pack', 'done', 2, 2, 1764000000000, 1764000000000, 1764000000002, 1764000000009, 4102444800000, 1764000000008, NULL, NULL, 2, 'kallelse.json', '{"copy":null,"edition":null,"keep_going":false,"profile":null,"reserve":null}', 'key-3', 'f5229287bbe8bde9f93cdbc5a99aef92232bcba6029c604c02aadd044303fff3', NULL, '[{"code":"SUM001","severity":"warning","pointer":"/a","file":"x.json","message_sv":"å","message_en":"a","help_sv":"","help_en":""}]', '{"pages":7,"file_name":"kallelse-å.pdf","pack":{"bytes":11,"sha256":"5452ae8ab37475e19cd13538c49c37d1f01d452a7304e6e367c1246e7a1f9d88"},"report_pdf":{"bytes":11,"sha256":"79356d66d4d951c39e3ea98f3e998e03586f9e10e28369950b3ef20f88eaa54f"},"report_json":null}'),
    ('failed', 'anna', 'pack', 'failed', 1, 4, 1764000000000, 1764000000000, 1764000000002, 1764000000009, 4102444800000, 1764000000008, NULL, NULL, 1, 'kallelse.json', '{"copy":null,"edition":null,"keep_going":false,"profile":null,"reserve":null}', NULL, '2816e30599088496399a4cac6cee50ca25c03adaeefa63aff7618be7406afb1f', '{"kind":"document-has-errors","detail":["Två fel.","Two errors."]}', '[{"code":"SUM001","severity":"warning","pointer":"/a","file":"x.json","message_sv":"å","message_en":"a","help_sv":"","help_en":""}]', NULL),
    ('draft', 'anna', 'pack', 'draft', 0, 0, 1764000000000, 1764000000000, NULL, NULL, NULL, 1764000000000, NULL, NULL, 0, '', '{"copy":null,"edition":null,"keep_going":false,"profile":null,"reserve":null}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO sigill_chunks (job, name, seq, bytes) VALUES
    ('waiting', 'i/kallelse.json', 0, CAST('1' AS #BYTES)),
    ('waiting', 'i/b/2.json', 0, CAST('two' AS #BYTES)),
    ('waiting', 's', 0, CAST('before' AS #BYTES)),
    ('running', 'i/kallelse.json', 0, CAST('2' AS #BYTES)),
    ('done', 'o2/pack.pdf', 0, CAST('one and two' AS #BYTES)),
    ('done', 'o2/report.pdf', 0, CAST('%PDF report' AS #BYTES)),
    ('draft', 'i/kallelse.json', 0, CAST('4' AS #BYTES));
