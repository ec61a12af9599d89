import { defineSearchAttributeKey } from '@temporalio/common'

export const KoblingFlow = defineSearchAttributeKey('KoblingFlow', 'KEYWORD')
export const KoblingPhase = defineSearchAttributeKey('KoblingPhase', 'KEYWORD')
export const KoblingInbox = defineSearchAttributeKey('KoblingInbox', 'INT')
