/** Stands for the id of an environment where withdrawn tokens are told and a subject lost what it held in all of them. */
export const EVERY_ENVIRONMENT = '*';
