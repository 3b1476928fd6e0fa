//go:build !unix && !windows

package files

import "path/filepath"

// nonBlocking is not needed: there are no FIFOs.
const nonBlocking = 0

// absolute returns a path that means the same wherever the program goes.
func absolute(dir string) (string, error) { return filepath.Abs(dir) }

// isUnreachable knows no error that is not fs.ErrNotExist or fs.ErrPermission already.
func isUnreachable(error) bool { return false }
