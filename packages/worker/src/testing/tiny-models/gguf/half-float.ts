const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The 16 bits of the IEEE 754 half-precision number nearest to `value`, ties to even. */
export function toHalf(value: number): number {
  float[0] = value;
  const [single = 0] = bits;
  const sign = (single >>> 16) & 0x8000;
  const exponent = ((single >>> 23) & 0xff) - 127 + 15;
  const fraction = single & 0x7fffff;
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (exponent >= 0x1f) return sign | 0x7c00;
  // Adding 1 to the bits also carries into the exponent, as rounding up must.
  if (exponent > 0) return sign | (((exponent << 10) | (fraction >>> 13)) + roundUp(fraction, 13));
  if (exponent < -10) return sign;
  const subnormal = fraction | 0x800000;
  return sign | ((subnormal >>> (14 - exponent)) + roundUp(subnormal, 14 - exponent));
}

function roundUp(fraction: number, dropped: number): 0 | 1 {
  const rest = fraction & ((1 << dropped) - 1);
  const middle = 1 << (dropped - 1);
  const isOdd = ((fraction >>> dropped) & 1) === 1;
  return rest > middle || (rest === middle && isOdd) ? 1 : 0;
}
