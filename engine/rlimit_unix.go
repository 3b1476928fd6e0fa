//go:build unix

package engine

import "syscall"

// reserve is how many descriptors are left to the rest of the program: files, logs, connections of its own.
const reserve = 128

// maxConnections returns how many connections the descriptors of this process suffice for.
func maxConnections() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil || limit.Cur > 1<<24 {
		return 1 << 20
	}
	return max(int(limit.Cur)-reserve, 16)
}
