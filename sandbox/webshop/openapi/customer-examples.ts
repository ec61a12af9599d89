/** What a Norwegian shop's customers look like. Numbers are made up; the organisation number has a right check digit. */

const fields = {
  kind: 'company',
  name: 'Nordlys Kaffe AS',
  firstName: null,
  lastName: null,
  email: 'post@nordlyskaffe.example',
  phone: '+47 22 12 34 56',
  organizationNumber: '987654325',
  customerNumber: '10017',
  invoiceEmail: 'faktura@nordlyskaffe.example',
  website: 'https://nordlyskaffe.example',
  address: { line1: 'Storgata 14', line2: null, zip: '0184', city: 'Oslo', country: 'NO' },
  active: true,
} as const

const stamps = { createdAt: '2026-02-03T09:12:44.018Z', changedAt: '2026-11-23T08:15:30.123Z' }

export const company = { id: 'c-000123', version: '3-9f2c11aa', ...stamps, ...fields, guest: false, erpId: '4711' }

export const person = {
  ...company,
  id: 'c-000124',
  version: '1-07be4410',
  kind: 'person',
  name: null,
  firstName: 'Åse',
  lastName: 'Bjørnstad',
  email: 'ase.bjornstad@post.example',
  organizationNumber: null,
  customerNumber: null,
  invoiceEmail: null,
  website: null,
  address: { line1: 'Øvre Fjellvei 3', line2: 'H0201', zip: '5019', city: 'Bergen', country: 'NO' },
  guest: true,
  erpId: null,
}

export const department = {
  ...company,
  id: 'c-000007',
  version: '2-51c0de77',
  kind: 'department',
  name: 'Nettbutikken',
  email: null,
  phone: null,
  organizationNumber: null,
  customerNumber: '20',
  invoiceEmail: null,
  website: null,
  address: null,
  erpId: '31',
}

export const newCompany = { ...fields, erpId: '4711' }

export const newPerson = {
  kind: 'person',
  firstName: 'Åse',
  lastName: 'Bjørnstad',
  email: 'ase.bjornstad@post.example',
  address: { line1: 'Øvre Fjellvei 3', line2: 'H0201', zip: '5019', city: 'Bergen', country: 'NO' },
  erpId: '4712',
}

/** Departments of the ERP are customers of their own kind here. */
export const newDepartment = { kind: 'department', name: 'Nettbutikken', customerNumber: '20', erpId: '31' }

export const deletedCustomer = {
  id: 'c-000099',
  deleted: true,
  kind: 'company',
  erpId: '4690',
  version: '5-1d20aa3e',
  changedAt: '2026-11-22T14:02:11.900Z',
}
