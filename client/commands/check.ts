import type { Client } from '@temporalio/client'
import type { Command } from 'commander'
import { isKeyTrouble } from '../../flows/codec-keys.ts'
import type { Settings } from '../../flows/settings.ts'
import { type CommandContext, withDesks } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { explainFailure } from '../explain-failure.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { examineWorkflow, type Finding } from '../repair/examine-workflow.ts'
import { leavesOf } from '../repair/known-workflows.ts'
import { repairWorkflow } from '../repair/repair-workflow.ts'
import { plainText } from '../text/plain-text.ts'

export function addCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('whether every flow and every leaf of its memory runs and its code does not fail')
    .option('--repair', 'put back what has ended or fails: a reset that keeps memory, signals and updates')
    .action(async ({ repair }: { readonly repair?: boolean }) => {
      await withDesks(context, undefined, async (desks, connected, settings) => {
        let ill = 0
        for (const desk of desks) {
          ill += await checkFlow(context, connected.client, settings, desk, repair === true)
        }
        if (ill === 0) return
        throw new CommandFailure(
          repair === true
            ? `${ill} could not be put back: see above.`
            : `${ill} ${ill === 1 ? 'needs' : 'need'} repair: run \`kobling check --repair\`.`,
        )
      })
    })
}

/** @returns how many of the flow's workflows are ill (and were not put back) */
async function checkFlow(
  context: CommandContext,
  client: Client,
  settings: Settings,
  desk: FlowDesk,
  repair: boolean,
): Promise<number> {
  const { name } = desk.definition
  const { existence } = await desk.standing()
  if (existence === 'notStarted') {
    context.say(`${name}: not started`)
    return 0
  }
  let ill = await checkWorkflow(context, client, settings, desk.workflowId, repair)
  const leaves = await leavesOf(client, settings, desk)
  for (const workflowId of leaves) ill += await checkWorkflow(context, client, settings, workflowId, repair)
  if (ill === 0) context.say(`${name}: the flow and ${leaves.length} leaves of its memory are well`)
  return ill
}

async function checkWorkflow(
  context: CommandContext,
  client: Client,
  settings: Settings,
  workflowId: string,
  repair: boolean,
): Promise<0 | 1> {
  try {
    const finding = await examineWorkflow(client, workflowId)
    if (finding.kind === 'well') return 0
    context.say(findingSentence(finding))
    if (!repair || finding.kind === 'unknown' || lacksKey(finding)) return 1
    const runId = await repairWorkflow(client, finding)
    context.say(
      runId === null
        ? `  ${workflowId} cannot be put back: it fails from its very first step, so mend the code.`
        : `  put back as run ${runId}`,
    )
    return runId === null ? 1 : 0
  } catch (error) {
    throw explainFailure(error, settings, `workflow ${workflowId}`)
  }
}

/** A reset would change nothing: the workflow goes on by itself once its worker has the key. */
function lacksKey(finding: Finding): boolean {
  return finding.kind === 'failing' && isKeyTrouble(finding.message)
}

export function findingSentence(finding: Exclude<Finding, { readonly kind: 'well' }>): string {
  switch (finding.kind) {
    case 'closed':
      return `${finding.workflowId} has ended (${finding.status}): what it knows is kept until the server's retention takes it.`
    case 'failing':
      return `${finding.workflowId} fails again and again (${finding.cause}): ${plainText(finding.message)}`
    case 'unknown':
      return (
        `${finding.workflowId} is not known to the server, so its links are lost to the flow: terminate the flow and run ` +
        "`kobling start`, which finds links again by both systems' references and keys, without duplicates."
      )
  }
}
