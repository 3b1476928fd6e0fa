//go:build !unix && !windows

package files

// nonBlocking is not needed: there are no FIFOs.
const nonBlocking = 0

// isUnreachable knows no error that is not fs.ErrNotExist or fs.ErrPermission already.
func isUnreachable(error) bool { return false }
