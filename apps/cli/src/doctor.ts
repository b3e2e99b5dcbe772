export const doctor = 1;
