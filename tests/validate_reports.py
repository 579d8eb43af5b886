#!/usr/bin/env python3
"""Checks reports against the schema with an independent validator: validate_reports.py SCHEMA REPORT…; exit code 1 and the faults."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
faults = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        report = json.load(file, parse_constant=lambda name: sys.exit(f"{path}: {name} is no JSON"))
    for error in validator.iter_errors(report):
        faults += 1
        if faults <= 20:
            print(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
print(f"{len(sys.argv) - 2} reports, {faults} faults")
sys.exit(faults > 0)
