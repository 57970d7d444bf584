/** A town by its name, where it lies, and people in its metropolitan area. */
export type Town = { readonly id: string; readonly lat: number; readonly lon: number; readonly people: number }

const town = (id: string, lat: number, lon: number, people: number): Town => ({ id, lat, lon, people })

/** The largest metropolitan areas of the United States by the census of 2020, largest first; coordinates of the town in their middle. */
export const METROS: readonly Town[] = [
  town('new-york', 40.71, -74.01, 20_140_470),
  town('los-angeles', 34.05, -118.24, 13_200_998),
  town('chicago', 41.88, -87.63, 9_618_502),
  town('dallas', 32.78, -96.8, 7_637_387),
  town('houston', 29.76, -95.37, 7_122_240),
  town('washington', 38.91, -77.04, 6_385_162),
  town('philadelphia', 39.95, -75.17, 6_245_051),
  town('miami', 25.76, -80.19, 6_138_333),
  town('atlanta', 33.75, -84.39, 6_089_815),
  town('boston', 42.36, -71.06, 4_941_632),
  town('phoenix', 33.45, -112.07, 4_845_832),
  town('san-francisco', 37.77, -122.42, 4_749_008),
  town('riverside', 33.95, -117.4, 4_599_839),
  town('detroit', 42.33, -83.05, 4_392_041),
  town('seattle', 47.61, -122.33, 4_018_762),
  town('minneapolis', 44.98, -93.27, 3_690_261),
  town('san-diego', 32.72, -117.16, 3_298_634),
  town('tampa', 27.95, -82.46, 3_175_275),
  town('denver', 39.74, -104.99, 2_963_821),
  town('baltimore', 39.29, -76.61, 2_844_510),
  town('st-louis', 38.63, -90.2, 2_820_253),
  town('orlando', 28.54, -81.38, 2_673_376),
  town('charlotte', 35.23, -80.84, 2_660_329),
  town('san-antonio', 29.42, -98.49, 2_558_143),
  town('portland', 45.52, -122.68, 2_512_859),
  town('sacramento', 38.58, -121.49, 2_397_382),
  town('pittsburgh', 40.44, -80, 2_370_930),
  town('austin', 30.27, -97.74, 2_283_371),
  town('las-vegas', 36.17, -115.14, 2_265_461),
  town('cincinnati', 39.1, -84.51, 2_256_884),
  town('kansas-city', 39.1, -94.58, 2_192_035),
  town('columbus', 39.96, -83, 2_138_926),
  town('indianapolis', 39.77, -86.16, 2_111_040),
  town('cleveland', 41.5, -81.69, 2_088_251),
  town('san-jose', 37.34, -121.89, 2_000_468),
  town('nashville', 36.16, -86.78, 1_989_519),
  town('virginia-beach', 36.85, -75.98, 1_799_674),
  town('providence', 41.82, -71.41, 1_676_579),
  town('jacksonville', 30.33, -81.66, 1_605_848),
  town('milwaukee', 43.04, -87.91, 1_574_731),
]

/** Airports after which fulfilment centres are named; the first five are those of the published instance. */
export const CENTRES: readonly Omit<Town, 'people'>[] = [
  { id: 'OAK', lat: 37.8, lon: -122.27 },
  { id: 'IND', lat: 39.77, lon: -86.16 },
  { id: 'AVP', lat: 41.34, lon: -75.72 },
  { id: 'CAE', lat: 34, lon: -81.03 },
  { id: 'DFW', lat: 32.9, lon: -97.04 },
  { id: 'PHX', lat: 33.45, lon: -112.07 },
  { id: 'SEA', lat: 47.61, lon: -122.33 },
  { id: 'MDW', lat: 41.88, lon: -87.63 },
  { id: 'TPA', lat: 27.95, lon: -82.46 },
  { id: 'DEN', lat: 39.74, lon: -104.99 },
]
