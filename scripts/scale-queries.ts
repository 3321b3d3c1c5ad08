/** How BigQuery answers questions over years: the part of docs/scale.md that holds queries. */
export function scaleQueries(): string {
  return `## Years of records

Cloud Logging keeps a bucket for up to 3,650 days. Upgraded to Observability Analytics and linked to a dataset, it is
read by BigQuery where it lies: nothing is copied, and BigQuery charges what a query reads.

\`\`\`sh
gcloud logging buckets update BUCKET --location=LOCATION --enable-analytics
gcloud logging links create LINK --bucket=BUCKET --location=LOCATION
\`\`\`

The view is then \`PROJECT.LINK._AllLogs\`. A condition on \`timestamp\` limits what is read; SQL does not leave out
repeated entries, so each query groups by \`insert_id\`, and where attempts of a run have read anew the newest
\`reading\` counts. More queries, for single days and keys, stand in [auditors.md](auditors.md). A sink to BigQuery
instead makes tables of its own, a column for each field, whose types are fixed by the first entry: the linked dataset
has no such surprise.

### Each month: affected keys, and how many of them were in use

\`\`\`sql
WITH told AS (
  SELECT insert_id, ANY_VALUE(json_payload) AS payload
  FROM \`PROJECT.LINK._AllLogs\`
  WHERE log_id = 'LOG_NAME'
    AND timestamp >= TIMESTAMP '2026-01-01 00:00:00+00'
    AND JSON_VALUE(json_payload.audit) = 'AUDIT'
    AND JSON_VALUE(json_payload.record) = 'key'
    AND JSON_VALUE(json_payload.verdict) IN ('overdue', 'due', 'unknown')
  GROUP BY insert_id
), counting AS (
  SELECT payload
  FROM told
  WHERE TRUE
  QUALIFY JSON_VALUE(payload.reading) = MAX(JSON_VALUE(payload.reading)) OVER (PARTITION BY JSON_VALUE(payload.run))
)
SELECT
  SUBSTR(JSON_VALUE(payload.asOf), 1, 7) AS month,
  JSON_VALUE(payload.verdict) AS verdict,
  COUNT(DISTINCT JSON_VALUE(payload.key.uid)) AS keys_in_month,
  COUNT(DISTINCT IF(JSON_VALUE(payload.usage.traffic) = 'accepted', JSON_VALUE(payload.key.uid), NULL)) AS in_use
FROM counting
GROUP BY month, verdict
ORDER BY month, verdict
\`\`\`

### Each key that was ever overdue: from when to when, and how it ended

\`\`\`sql
WITH told AS (
  SELECT insert_id, ANY_VALUE(json_payload) AS payload
  FROM \`PROJECT.LINK._AllLogs\`
  WHERE log_id = 'LOG_NAME'
    AND timestamp >= TIMESTAMP '2026-01-01 00:00:00+00'
    AND JSON_VALUE(json_payload.audit) = 'AUDIT'
    AND JSON_VALUE(json_payload.record) = 'key'
  GROUP BY insert_id
), overdue AS (
  SELECT
    JSON_VALUE(payload.key.uid) AS uid,
    MIN(JSON_VALUE(payload.asOf)) AS first_overdue,
    MAX(JSON_VALUE(payload.asOf)) AS last_overdue
  FROM told
  WHERE JSON_VALUE(payload.verdict) = 'overdue'
  GROUP BY uid
), latest AS (
  SELECT payload
  FROM told
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY JSON_VALUE(payload.key.uid) ORDER BY JSON_VALUE(payload.reading) DESC) = 1
)
SELECT
  overdue.uid,
  JSON_VALUE(latest.payload.key.project.id) AS project,
  JSON_VALUE(latest.payload.key.project.owner) AS owner,
  overdue.first_overdue,
  overdue.last_overdue,
  COALESCE(JSON_VALUE(latest.payload.verdict), JSON_VALUE(latest.payload.change)) AS at_last
FROM overdue
JOIN latest ON JSON_VALUE(latest.payload.key.uid) = overdue.uid
ORDER BY overdue.first_overdue, overdue.uid
\`\`\`

With \`AUDIT_RECORDS=relevant\` a key that has become compliant has no further record: it ends as it was told last.

### Each week: what the runs covered

\`\`\`sql
WITH told AS (
  SELECT insert_id, ANY_VALUE(json_payload) AS payload
  FROM \`PROJECT.LINK._AllLogs\`
  WHERE log_id = 'LOG_NAME'
    AND timestamp >= TIMESTAMP '2026-01-01 00:00:00+00'
    AND JSON_VALUE(json_payload.audit) = 'AUDIT'
    AND JSON_VALUE(json_payload.record) = 'run'
  GROUP BY insert_id
)
SELECT
  DATE_TRUNC(DATE(JSON_VALUE(payload.asOf)), ISOWEEK) AS week,
  COUNT(DISTINCT JSON_VALUE(payload.run)) AS runs,
  COUNTIF(JSON_VALUE(payload.outcome) = 'complete') AS complete,
  COUNTIF(JSON_VALUE(payload.outcome) = 'failed') AS failed,
  MIN(CAST(JSON_VALUE(payload.coverage.projects) AS INT64)) AS least_projects,
  MAX(CAST(JSON_VALUE(payload.counts.keys) AS INT64)) AS most_keys
FROM told
GROUP BY week
ORDER BY week
\`\`\`

## The inventory in BigQuery

Independent of this program, Google can export the inventory itself to a table, day by day in partitions, against which
the records can be held.

\`\`\`sh
gcloud asset export --organization=ORGANIZATION_ID --asset-types=apikeys.googleapis.com/Key --content-type=resource --bigquery-table=projects/PROJECT/datasets/DATASET/tables/api_keys --partition-key=read-time --output-bigquery-force
\`\`\`

\`resource.data\` is a text of JSON there; \`readTime\` is the partition. Deleted keys are in it until they are purged.

### Each day: keys, and those without API restriction, by the inventory alone

\`\`\`sql
SELECT
  DATE(readTime) AS day,
  COUNT(*) AS all_keys,
  COUNTIF(
    ARRAY_LENGTH(JSON_QUERY_ARRAY(resource.data, '$.restrictions.apiTargets')) IS NULL
    OR ARRAY_LENGTH(JSON_QUERY_ARRAY(resource.data, '$.restrictions.apiTargets')) = 0
  ) AS without_targets
FROM \`PROJECT.DATASET.api_keys\`
WHERE DATE(readTime) >= DATE '2026-01-01'
  AND JSON_VALUE(resource.data, '$.deleteTime') IS NULL
GROUP BY day
ORDER BY day
\`\`\`

### Keys of the inventory that no record of the day names

With \`--records all\`. What is found is newer than the run, or lies in a project that is excluded or not active, or was
not read: the run's gaps say so. Anything else is a fault of this program.

\`\`\`sql
WITH inventory AS (
  SELECT DISTINCT JSON_VALUE(resource.data, '$.uid') AS uid, name
  FROM \`PROJECT.DATASET.api_keys\`
  WHERE DATE(readTime) = DATE '2026-11-23'
), recorded AS (
  SELECT DISTINCT JSON_VALUE(json_payload.key.uid) AS uid
  FROM \`PROJECT.LINK._AllLogs\`
  WHERE log_id = 'LOG_NAME'
    AND timestamp >= TIMESTAMP '2026-11-22 00:00:00+00' AND timestamp < TIMESTAMP '2026-11-25 00:00:00+00'
    AND JSON_VALUE(json_payload.audit) = 'AUDIT'
    AND JSON_VALUE(json_payload.record) = 'key'
    AND JSON_VALUE(json_payload.asOf) = '2026-11-23'
)
SELECT inventory.name, inventory.uid
FROM inventory
LEFT JOIN recorded ON recorded.uid = inventory.uid
WHERE recorded.uid IS NULL
ORDER BY inventory.name
\`\`\`
`
}
