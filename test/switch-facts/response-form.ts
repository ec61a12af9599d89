import { converges, lists, type SwitchGroup } from './switch-facts.ts'

const listsRefused = (says: string) => ({ what: 'a customer that PowerOffice refuses', reason: 'refused', says })

export const responseForm: SwitchGroup = {
  title: 'Form of the answers',
  switches: {
    responseKeyCasing: {
      standsFor: 'the description against what integrators captured',
      evidence: 'SPEC',
      positions: {
        camelNested: converges('names are read in any casing'),
        camel: converges('names are read in any casing'),
      },
    },
    departmentKeyCasing: {
      standsFor: 'departments answered otherwise than the rest',
      evidence: 'SPEC',
      positions: {
        camelOnGetById: converges('names are read in any casing'),
        camelOnPost: converges('names are read in any casing'),
      },
    },
    departmentPatchBody: {
      standsFor: 'no body is described for GET and PATCH by id',
      evidence: 'INF',
      positions: { empty: converges('what was written is read again') },
    },
    errorKeyCasing: {
      standsFor: 'samples show lower case, the schema PascalCase',
      evidence: 'LIVE',
      positions: {
        pascal: lists(
          'a refusal is listed in PowerOffice’s words, as at the default',
          [listsRefused('OrganizationNumber')],
          { event: 'refusal', set: { errorKeyCasing: 'pascal', organizationNumberCheck: 'mod11' } },
        ),
      },
    },
    errorsDictionary: {
      standsFor: 'the usual form of malformed bodies in ASP.NET',
      evidence: 'OPEN',
      positions: {
        present: lists(
          'a refusal is listed in PowerOffice’s words, as at the default',
          [listsRefused('OrganizationNumber')],
          { event: 'refusal', set: { errorsDictionary: 'present', organizationNumberCheck: 'mod11' } },
        ),
      },
    },
    dateOnlyFields: {
      standsFor: 'dates were seen with a time',
      evidence: 'SPEC',
      positions: {
        withTime: converges('the day is read', { event: 'invoice' }),
        withTimeZ: converges('the day is read', { event: 'invoice' }),
      },
    },
    timestampFraction: {
      standsFor: 'whether zeros at the end are sent is not described',
      evidence: 'SPEC',
      positions: {
        trimmed: converges('times are compared as ticks, not as text'),
        noneWhenZero: converges('times are compared as ticks, not as text'),
      },
    },
    timestampZone: {
      standsFor: 'other clients guard against other zones and none',
      evidence: 'SPEC',
      positions: {
        '+00:00': converges('times are compared as ticks'),
        '+02:00': converges('times are compared as ticks'),
        missing: converges('a time without a zone is read as UTC'),
      },
    },
    extraProperties: {
      standsFor: 'the interface keeps growing',
      evidence: 'INF',
      positions: { on: converges('properties that are not asked for are dropped') },
    },
    writeStatus: {
      standsFor: 'POST /Products is described with 200, the others with 201',
      evidence: 'SPEC',
      positions: {
        all201: converges('both are taken as done'),
        all200: converges('both are taken as done'),
      },
    },
  },
}
