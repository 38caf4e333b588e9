/** A project's id, with its organisation's domain where it has one (https://cloud.google.com/resource-manager/docs/creating-managing-projects). */
export const projectIdShape = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
