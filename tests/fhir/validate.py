"""A second opinion on the directory: every resource that it serves is read by the models of the
package fhir.resources, in JSON and in XML, and both say the same.

The package's main models are those of FHIR R5. Its subpackage R4B is used: FHIR 4.3.0 left the
resources of the directory as they are in 4.0.1, and the package has no models of 4.0.1 itself.

usage: validate.py ADDRESS-OF-THE-DIRECTORY
"""

import importlib
import json
import sys
import urllib.error
import urllib.request

TYPES = [
    "Organization",
    "Location",
    "HealthcareService",
    "Practitioner",
    "PractitionerRole",
    "Endpoint",
]


def model(kind):
    module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
    return getattr(module, kind)


def get(address, media):
    request = urllib.request.Request(address, headers={"Accept": media})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read(), fault.headers


def read(address, status=200):
    """The resource at an address, as the models read it from either format."""
    code, body, headers = get(address, "application/fhir+json")
    assert code == status, f"{address}: {code} {body[:300]}"
    assert headers["Content-Type"].startswith("application/fhir+json"), headers["Content-Type"]
    said = json.loads(body)
    known = model(said["resourceType"]).model_validate_json(body)
    code, in_xml, headers = get(address, "application/fhir+xml")
    assert code == status, f"{address}: {code} in XML"
    assert headers["Content-Type"].startswith("application/fhir+xml"), headers["Content-Type"]
    of_xml = model(said["resourceType"]).model_validate_xml(in_xml)
    same(without_times(known.model_dump()), without_times(of_xml.model_dump()), address)
    return said


def without_times(resource):
    """The same without what a second request says anew: the moment of the list and its links."""
    if resource.get("resource_type", resource.get("resourceType")) == "Bundle":
        resource.pop("meta", None)
        resource.pop("link", None)
    return resource


def same(one, other, address):
    assert one == other, f"{address}: JSON and XML differ:\n{one}\n{other}"


def pages(address):
    while address:
        bundle = read(address)
        yield bundle
        links = {link["relation"]: link["url"] for link in bundle.get("link", [])}
        address = links.get("next")


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def main(base):
    read(f"{base}/metadata")
    counted = {}
    known = set()
    wanted = set()
    for kind in TYPES:
        entries = []
        for bundle in pages(f"{base}/{kind}?_count=7&_total=accurate"):
            entries += [entry["resource"] for entry in bundle.get("entry", [])]
        assert len(entries) == bundle["total"], f"{kind}: {len(entries)} of {bundle['total']}"
        counted[kind] = len(entries)
        for resource in entries:
            model(kind).model_validate(resource)
            own = f"{kind}/{resource['id']}"
            assert own not in known, f"{own} comes twice"
            known.add(own)
            wanted.update(references(resource))
    assert wanted <= known, f"these lead nowhere: {sorted(wanted - known)[:5]}"
    for own in sorted(known)[:: max(1, len(known) // 20)]:
        resource = read(f"{base}/{own}")
        version = resource["meta"]["versionId"]
        assert read(f"{base}/{own}/_history/{version}") == resource, own
        assert read(f"{base}/{own}/_history")["entry"][0]["resource"] == resource, own
    versions = 0
    for bundle in pages(f"{base}/_history?_count=50"):
        versions += len(bundle.get("entry", []))
    assert versions == bundle["total"] >= len(known), f"{versions} of {bundle['total']}"
    read(f"{base}/Organization/none", 404)
    read(f"{base}/Patient", 404)
    read(f"{base}/Location?near=here", 400)
    said = ", ".join(f"{count} {kind}" for kind, count in counted.items())
    print(f"read by fhir.resources (R4B): {said}; {versions} versions")


main(sys.argv[1])
