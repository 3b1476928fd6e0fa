package listing

import "strconv"

// FormatSize returns a size for people: "999 B", "1.2 kB", "48 MB", in powers of a thousand.
func FormatSize(octets int64) string {
	if octets < 1000 {
		return strconv.FormatInt(octets, 10) + " B"
	}
	size, unit := float64(octets)/1000, 0
	for size >= 999.5 { // it would be rounded to 1000
		size /= 1000
		unit++
	}
	decimals := 0
	if size < 9.95 {
		decimals = 1
	}
	return strconv.FormatFloat(size, 'f', decimals, 64) + " " + "kMGTPE"[unit:unit+1] + "B"
}
