/** What Pulumi is told. A file of its own, so that who needs the number alone loads no provider. */
export const oscarProviderVersion = "0.1.0";
