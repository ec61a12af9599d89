/** What the invented company sells: words of a Norwegian trading house, put together to names of products. */

export interface Assortment {
  /** Code of the product group. */
  readonly group: string
  /** What article numbers begin with; '' for plain numbers. */
  readonly prefix: string
  readonly things: readonly string[]
  readonly variants: readonly string[]
  /** Lowest and highest price with VAT, in whole kroner. */
  readonly prices: readonly [low: number, high: number]
  /** Share of the company's products. */
  readonly weight: number
  readonly sells: 'goods from stock' | 'goods to order' | 'services'
}

export const assortments: readonly Assortment[] = [
  {
    group: '010',
    prefix: 'KAF-',
    things: ['Filterkaffe', 'Espressobønner', 'Kokekaffe', 'Grønn te', 'Svart te', 'Urtete', 'Kakaopulver'],
    variants: ['250 g', '500 g', 'økologisk 250 g', 'fra Løkka 1 kg', 'gaveeske', 'koffeinfri 500 g'],
    prices: [49, 389],
    weight: 9,
    sells: 'goods from stock',
  },
  {
    group: '015',
    prefix: '',
    things: ['Knekkebrød', 'Lefse', 'Multesyltetøy', 'Blåbærsyltetøy', 'Honning', 'Havregryn', 'Rapsolje', 'Sjokolade'],
    variants: ['200 g', '400 g', 'glutenfri', 'fra Røros', 'storpakning', 'uten sukker', 'fra Hålogaland'],
    prices: [25, 249],
    weight: 10,
    sells: 'goods from stock',
  },
  {
    group: '020',
    prefix: 'SJØ-',
    things: ['Laksefilet', 'Tørrfisk', 'Klippfisk', 'Kamskjell', 'Røkelaks', 'Gravet ørret', 'Kongekrabbe'],
    variants: ['fersk', 'fryst', 'skivet', 'uten skinn', 'fra Lofoten'],
    prices: [129, 890],
    weight: 7,
    sells: 'goods from stock',
  },
  {
    group: '025',
    prefix: 'OPP-',
    things: ['Fjordcruise', 'Hvalsafari', 'Skipass', 'Museumsbillett', 'Overnatting', 'Nordlystur'],
    variants: ['voksen', 'barn', 'familie', 'honnør', 'helg'],
    prices: [95, 1990],
    weight: 5,
    sells: 'goods to order',
  },
  {
    group: '030',
    prefix: '',
    things: [
      'Kopipapir',
      'Ringperm',
      'Kulepenn',
      'Notatblokk',
      'Tusjsett',
      'Stiftemaskin',
      'Etiketter',
      'Tavlemagneter',
    ],
    variants: ['A4', 'A5', 'blå', 'svart', '10-pakning', '50-pakning', 'resirkulert'],
    prices: [12, 495],
    weight: 12,
    sells: 'goods from stock',
  },
  {
    group: '040',
    prefix: 'MØB-',
    things: ['Skrivebord', 'Kontorstol', 'Bokhylle', 'Krakk', 'Spisebord', 'Lenestol', 'Garderobeskap'],
    variants: ['eik', 'bjørk', 'hvit', 'røkt eik', 'grå', '120 cm', 'hev/senk'],
    prices: [790, 12990],
    weight: 8,
    sells: 'goods to order',
  },
  {
    group: '050',
    prefix: 'LYS-',
    things: ['Skrivebordslampe', 'Taklampe', 'LED-pære', 'Lyslenke', 'Arbeidslys', 'Utelampe'],
    variants: ['E27 8 W', 'dimbar', 'messing', 'svart', 'oppladbar', 'IP65'],
    prices: [39, 2490],
    weight: 8,
    sells: 'goods from stock',
  },
  {
    group: '060',
    prefix: 'VT',
    things: ['Hammer', 'Skrutrekkersett', 'Drill', 'Vater', 'Tommestokk', 'Sag', 'Bitssett', 'Momentnøkkel'],
    variants: ['400 mm', '600 mm', 'proff', 'hobby', 'isolert', 'med gummigrep', 'i koffert'],
    prices: [79, 4990],
    weight: 10,
    sells: 'goods from stock',
  },
  {
    group: '070',
    prefix: 'JERN',
    things: ['Treskrue', 'Spiker', 'Mutter', 'Skive', 'Plugg', 'Vinkelbeslag', 'Ankerbolt'],
    variants: ['4,5 × 40', '5 × 60', 'M6', 'M8', 'M10', 'syrefast', 'varmforzinket'],
    prices: [29, 349],
    weight: 9,
    sells: 'goods from stock',
  },
  {
    group: '080',
    prefix: 'HAGE',
    things: ['Hageslange', 'Ugressduk', 'Gjerdenett', 'Kantstein', 'Terrassebord', 'Rekkverk', 'Veksthusfolie'],
    variants: ['28 × 120', 'grønn', 'grå', 'impregnert', 'ekstra kraftig', 'på rull'],
    prices: [19, 890],
    weight: 7,
    sells: 'goods from stock',
  },
  {
    group: '090',
    prefix: 'ARB-',
    things: ['Arbeidsbukse', 'Vernesko', 'Hansker', 'Regnjakke', 'Refleksvest', 'Ullsokker', 'Hjelm'],
    variants: ['str. S', 'str. M', 'str. L', 'str. XL', 'fôret', 'med refleks'],
    prices: [49, 2190],
    weight: 9,
    sells: 'goods from stock',
  },
  {
    group: '100',
    prefix: '978',
    things: ['Norsk kokebok', 'Turguide Jotunheimen', 'Regnskap for nybegynnere', 'Fugler i Norge', 'Strikk til små'],
    variants: ['innbundet', 'pocket', '2. utgave', '3. utgave', 'nynorsk'],
    prices: [149, 549],
    weight: 6,
    sells: 'goods from stock',
  },
  {
    group: '110',
    prefix: 'TJ-',
    things: ['Montering', 'Rådgivning', 'Kurs i HMS', 'Service på kaffemaskin', 'Møbelmontering'],
    variants: ['per time', 'kveld', 'helg', 'fastpris'],
    prices: [890, 2490],
    weight: 4,
    sells: 'services',
  },
]
