import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { AuditActivities, AuditInput, AuditReport, FlowAudit } from '../flows/audit.ts'
import { flowNames } from '../flows/flow-definition.ts'

const { examineWorkflows, auditFlow, keepAuditReport } = proxyActivities<AuditActivities>({
  // Reads both systems whole, at the first load's priority: hours at a very large one.
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '10 seconds',
  // A worker that dies costs one attempt; what fails three times is told of instead of repeated all night.
  retry: { initialInterval: '5 seconds', maximumAttempts: 3 },
})

/**
 * Everything compared with everything: both systems, the memory, and the workflows themselves. Flow by flow in the order in
 * which references need them, so that what a repair links is there for the next. The result is the report.
 */
export async function audit(input: AuditInput): Promise<AuditReport> {
  const startedAt = Date.now()
  const workflows = await examineWorkflows(input)
  const flows: FlowAudit[] = []
  for (const flow of flowNames) {
    setCurrentDetails(`comparing ${flow}`)
    flows.push(
      await auditFlow.executeWithOptions({ summary: `compare ${flow}` }, [
        { connection: input.connection, flow, repair: input.repair },
      ]),
    )
  }
  const { connection, repair } = input
  const report: AuditReport = { v: 1, connection, startedAt, endedAt: Date.now(), repair, workflows, flows }
  const path = await keepAuditReport(report)
  setCurrentDetails(`report: ${path}`)
  return report
}
