"""How much a file may hold. All limits are tested before the content is parsed, or while it is read, never afterwards."""

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100

# A workbook is a zip file: a few kilobytes can unfold to gigabytes.
MAX_MEMBERS = 200
MAX_UNZIPPED_BYTES = 50 * 1024 * 1024
MAX_RATIO = 100
#: Members smaller than this may be compressed as well as they like: an empty style sheet reaches a ratio of several hundred.
RATIO_FLOOR_BYTES = 256 * 1024
WORKBOOK_SECONDS = 30

#: So many remarks are kept for one import; all are counted.
MAX_FINDINGS = 10_000
