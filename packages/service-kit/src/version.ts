/** The version of Parley that this checkout is; one number for all rooms. */
export const VERSION = '0.1.0';
