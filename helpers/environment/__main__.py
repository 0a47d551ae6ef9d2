"""`python -m helpers.environment`: the check of the set-up in a terminal; exit code 0 if all is well."""

from helpers.environment import check

if __name__ == "__main__":
    report = check()
    print(report)
    raise SystemExit(0 if report.ok else 1)
