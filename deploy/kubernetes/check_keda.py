"""check_keda.py RENDERED: KEDA's objects have the fields that KEDA wants, and name what there is: Deployments of this overlay,
streams and durables that the services use (as deploy/settings/nats/accounts.conf lets them)."""
import json
import pathlib
import re
import sys

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent


def main():
    objects = [one for one in yaml.safe_load_all(pathlib.Path(sys.argv[1]).read_text()) if one]
    schema = jsonschema.Draft202012Validator(json.loads((HERE / "scaledobject.schema.json").read_text()))
    accounts = (HERE / "../settings/nats/accounts.conf").read_text()
    pulled = set(re.findall(r"CONSUMER\.MSG\.NEXT\.(PRESSLINE_\w+)\.([\w-]+)", accounts))
    deployments = {one["metadata"]["name"]: one for one in objects if one["kind"] == "Deployment"}
    wrong = []
    for one in (one for one in objects if one["apiVersion"].startswith("keda.sh/")):
        name, spec = one["metadata"]["name"], one["spec"]
        wrong += [f"{name}: {error.json_path}: {error.message}" for error in schema.iter_errors(one)]
        target = deployments.get(spec["scaleTargetRef"]["name"])
        if target is None:
            wrong.append(f"{name}: there is no Deployment {spec['scaleTargetRef']['name']}")
        elif "replicas" in target["spec"]:
            wrong.append(f"{name}: its Deployment says replicas, too")
        if spec.get("minReplicaCount", 0) > spec.get("maxReplicaCount", 100):
            wrong.append(f"{name}: minReplicaCount is above maxReplicaCount")
        for trigger in spec["triggers"]:
            told = trigger["metadata"]
            if (told["stream"], told["consumer"]) not in pulled:
                wrong.append(f"{name}: nobody reads {told['consumer']} of {told['stream']}")
            if not re.search(rf"^    {re.escape(told['account'])} {{", accounts, re.M):
                wrong.append(f"{name}: there is no account {told['account']}")
    if wrong:
        sys.exit("\n".join(wrong))


main()
