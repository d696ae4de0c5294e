-- Ways to reach a customer, in the order in which they are tried: [{"channel": "whatsapp", "address": "+84…"}]. And how much risk they bear.
alter table customers add column contacts jsonb not null default '[]';
update customers set contacts = jsonb_build_array(jsonb_build_object('channel', 'whatsapp', 'address', whatsapp));
alter table customers drop column whatsapp;
alter table customers alter column contacts drop default;
alter table customers add check (jsonb_typeof(contacts) = 'array');
alter table customers add column risk_tolerance text not null default 'balanced' check (risk_tolerance in ('conservative', 'balanced', 'aggressive'));
alter table customers alter column risk_tolerance drop default;

-- down
alter table customers drop column risk_tolerance;
alter table customers add column whatsapp text;
update customers set whatsapp = coalesce((select c ->> 'address' from jsonb_array_elements(contacts) c where c ->> 'channel' = 'whatsapp' limit 1), '');
alter table customers alter column whatsapp set not null;
alter table customers drop column contacts;
