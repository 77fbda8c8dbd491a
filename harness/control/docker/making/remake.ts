import type Docker from 'dockerode';

/** The label with a container's number (1-based) among the containers of its service. */
export const NUMBER_LABEL = 'com.docker.compose.container-number';
/** The label of a container that a controller added. Containers of the compose file do not have it. */
export const ADDED_LABEL = 'chaos.added';

/**
 * The label of a container that was made to take the place of another: the name of that container. Until it takes the
 * place it has another name.
 */
export const PLACE_LABEL = 'chaos.place';

/** A container as the engine describes it. */
export type Made = Pick<Docker.ContainerInspectInfo, 'Id' | 'Name' | 'Config' | 'HostConfig' | 'NetworkSettings'>;

/** Returns the options with which the engine makes a container like this one, with another name and number. */
export function remadeAs(
  { Id: id, Name: oldName, Config: config, HostConfig: host, NetworkSettings: { Networks: networks } }: Made,
  name: string,
  replica: number,
  labels: Readonly<Record<string, string>> = {},
): Docker.ContainerCreateOptions & { readonly name: string } {
  const short = id.slice(0, 12);
  const old = oldName.replace(/^\//, '');
  const { Hostname: hostname, ...rest } = config;
  const { [ADDED_LABEL]: _added, [PLACE_LABEL]: _place, ...own } = config.Labels;
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
    // A container without a host name of its own has the beginning of its id as host name.
    ...(hostname === short ? {} : { Hostname: hostname }),
    name,
    Labels: { ...own, [NUMBER_LABEL]: String(replica), ...labels },
    HostConfig: host,
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) as Docker.EndpointsConfig },
  };
}
