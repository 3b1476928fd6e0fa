//go:build !linux

package systemd

import "time"

// monotonic returns a time at which nobody looks: systemd is a program for Linux.
func monotonic() time.Duration { return 0 }
