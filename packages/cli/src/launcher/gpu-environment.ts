/** The variables by which CUDA and Vulkan are told which devices a process may see. */
const VARIABLES = ['CUDA_VISIBLE_DEVICES', 'GGML_VK_VISIBLE_DEVICES'] as const;

/**
 * Lets a process see the first `count` GPUs, of those that the launcher itself was given by the same
 * variables. None are seen for 0.
 */
export function gpuEnvironment(
  count: number,
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(VARIABLES.map((name) => [name, firstDevices(count, own[name])]));
}

function firstDevices(count: number, given: string | undefined): string {
  const devices = given === undefined ? Array.from({ length: count }, (_, index) => String(index)) : given.split(',');
  return devices.slice(0, count).join(',');
}
