"""check_files.py RENDERED: every file that a container's settings name (PRESSLINE__…_FILE) comes from a volume that it mounts, and
its user may read it; speaking TLS to the broker, everybody has a CA file."""
import pathlib
import sys

import yaml


def handed(volume):
    """The files of a volume that its items name, and whether root alone owns them with others shut out."""
    sources = volume["projected"]["sources"] if "projected" in volume else [volume]
    modes = [volume[kind].get("defaultMode", 0o644) for kind in ("projected", "secret", "configMap") if kind in volume]
    items = [item for one in sources for kind in ("secret", "configMap") for item in one.get(kind, {}).get("items", [])]
    return {item["path"] for item in items}, any(not mode & 0o004 for mode in modes)


def main():
    objects = [one for one in yaml.safe_load_all(pathlib.Path(sys.argv[1]).read_text()) if one]
    maps = {one["metadata"]["name"]: one.get("data", {}) for one in objects if one["kind"] == "ConfigMap"}
    wrong = []
    for one in (one for one in objects if one["kind"] in ("Deployment", "Job")):
        name, pod = one["metadata"]["name"], one["spec"]["template"]["spec"]
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for container in pod["containers"]:
            settings = {}
            for source in container.get("envFrom", []):
                settings |= maps[source["configMapRef"]["name"]]
            settings |= {env["name"]: env["value"] for env in container["env"] if "value" in env}
            there = {}
            for mount in container["volumeMounts"]:
                paths, shut = handed(volumes[mount["name"]])
                there |= {f"{mount['mountPath']}/{path}": shut for path in paths}
            for key, file in settings.items():
                if not key.endswith("_FILE"):
                    continue
                if file not in there:
                    wrong.append(f"{name}: {key} is {file}, which no volume holds")
                elif there[file] and "fsGroup" not in pod["securityContext"]:
                    wrong.append(f"{name}: {key}: without fsGroup its user may not read {file}")
            if settings.get("PRESSLINE__NATS__TLS_REQUIRED") == "true" and "PRESSLINE__NATS__TLS_CA_FILE" not in settings:
                wrong.append(f"{name}: asks for TLS and has no PRESSLINE__NATS__TLS_CA_FILE")
    if wrong:
        sys.exit("\n".join(wrong))


main()
