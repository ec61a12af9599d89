import { loading } from '../activities.ts'
import type { FlowRun } from '../flow-run.ts'

/** Reads both systems, shows what a first start would do, and pauses until somebody approves (rule 15). */
export async function previewTask(run: FlowRun): Promise<void> {
  const answer = await loading.previewFirstContact.executeWithOptions({ summary: 'read both systems, write nothing' }, [
    { ...run.address, directory: run.state().directory, loadId: run.state().load.loadId },
  ])
  if (answer.kind === 'trouble') return run.setTrouble(answer.trouble)
  const { preview } = answer
  const system = preview.production ? `${preview.company} (production)` : preview.company
  const why = `first contact with ${system}: nothing is written until somebody approves (kobling approve ${run.address.flow})`
  const state = run.state()
  run.set({
    ...state,
    preview,
    limits: preview.limits ?? null,
    pauseReasons: [...state.pauseReasons, { kind: 'firstContact', by: 'kobling', why, at: Date.now() }],
  })
}
