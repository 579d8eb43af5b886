/**
 * A device's name where it must be told from others: of a job, each rank on a host has its part of the host's processors, all of one name
 * (`node1/CPU:0 rank 3`).
 */
export function labelOf({ device, rank }: { readonly device: string; readonly rank: number | null }): string {
  return rank === null || device.startsWith(`${rank}/`) ? device : `${device} rank ${rank}`;
}

/** Whether a label is of a device that was asked for by its name. */
export function isOf(label: string, device: string): boolean {
  return label === device || label.startsWith(`${device} rank `);
}
