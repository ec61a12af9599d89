/** The 67 unit codes of PowerOffice (UnitOfMeasureType in its description); the webshop's contract takes the same. */
const codes = [
  'BX', 'MTR', 'KMT', 'KGM', 'EA', 'LTR', 'HUR', 'DAY', 'MTK', 'MTQ', 'TNE', 'MON', 'ANN', 'QAN', 'NL', 'XRO', 'XBA',
  'XPL', 'XPC', 'PR', 'XCI', 'XBG', 'SET', 'XTY', 'XOF', 'FTK', 'KWH', 'MWH', 'LBR', 'CMT', 'DMT', 'LM', 'XPK', 'GRM',
  'HGM', 'XFL', 'XBE', 'E54', 'MMT', 'DAA', 'H18', 'MLT', 'HLT', 'DLT', 'AK', 'XCR', 'E14', 'MJ', 'J57', 'XJG', 'XCT',
  'XSA', 'XTU', 'WEE', 'XCA', 'XCN', 'NAR', 'M4', 'XVQ', 'P1', 'MFU', 'KMK', 'LM3', 'FOT', 'FM3', 'E34', 'E35',
] as const

/** What shops write instead. */
const aliases: Readonly<Record<string, (typeof codes)[number]>> = {
  stk: 'EA',
  'stk.': 'EA',
  pcs: 'EA',
  pc: 'EA',
  each: 'EA',
  kg: 'KGM',
  g: 'GRM',
  hg: 'HGM',
  l: 'LTR',
  ltr: 'LTR',
  liter: 'LTR',
  dl: 'DLT',
  ml: 'MLT',
  m: 'MTR',
  meter: 'MTR',
  cm: 'CMT',
  mm: 'MMT',
  km: 'KMT',
  m2: 'MTK',
  m3: 'MTQ',
  t: 'HUR',
  time: 'HUR',
  timer: 'HUR',
  dag: 'DAY',
  par: 'PR',
  sett: 'SET',
  pk: 'XPK',
  pakke: 'XPK',
  eske: 'BX',
}

const same = Object.fromEntries(codes.map((code) => [code, code]))

/** Vendor's spelling to canonical unit. */
export const erpUnits: Readonly<Record<string, string>> = same
export const shopUnits: Readonly<Record<string, string>> = { ...same, ...aliases }
