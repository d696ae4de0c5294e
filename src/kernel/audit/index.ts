export { appendAudit, verifyAudit } from './audit.ts';
export type { AuditEntry, AuditFault, AuditVerdict, VerifyOptions } from './audit.ts';
export { auditRoutes } from './routes.ts';
