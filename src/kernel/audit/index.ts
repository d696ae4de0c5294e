export { anchorText, appendAudit, parseAnchor, verifyAudit } from './audit.ts';
export type { AuditAnchor, AuditEntry, AuditFault, AuditVerdict, VerifyOptions } from './audit.ts';
export { auditRoutes } from './routes.ts';
