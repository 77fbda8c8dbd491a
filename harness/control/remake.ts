import type Docker from 'dockerode';

/** 1-based, among the containers of a service. */
export const NUMBER_LABEL = 'com.docker.compose.container-number';

/** A container as the engine describes it. */
type Made = Pick<Docker.ContainerInspectInfo, 'Id' | 'Name' | 'Config' | 'HostConfig' | 'NetworkSettings'>;

/** What the engine must be told to make a container like this one again, with another name and number. */
export function remadeAs(
  { Id: id, Name: oldName, Config: config, HostConfig: host, NetworkSettings: { Networks: networks } }: Made,
  name: string,
  replica: number,
): Docker.ContainerCreateOptions & { readonly name: string } {
  const short = id.slice(0, 12);
  const old = oldName.replace(/^\//, '');
  const { Hostname: hostname, ...rest } = config;
  const endpoints = Object.entries(networks).map(([network, { Aliases: aliases }]) => [
    network,
    {
      Aliases: ((aliases ?? []) as readonly string[])
        .filter((alias) => alias !== short)
        .map((alias) => (alias === old ? name : alias)),
    },
  ]);
  return {
    ...rest,
    // Where none was asked for, the engine takes the beginning of the id.
    ...(hostname === short ? {} : { Hostname: hostname }),
    name,
    Labels: { ...config.Labels, [NUMBER_LABEL]: String(replica) },
    HostConfig: host,
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) as Docker.EndpointsConfig },
  };
}
