package systemd

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"
)

// WatchdogInterval returns after how long a silence systemd takes this process for dead (WatchdogSec=), 0 if it does not
// watch it. It is an error if the variables are malformed.
func WatchdogInterval() (time.Duration, error) {
	interval, pid := os.Getenv("WATCHDOG_USEC"), os.Getenv("WATCHDOG_PID")
	if interval == "" {
		return 0, nil
	}
	if pid != "" {
		if mine, err := isThisProcess("WATCHDOG_PID", pid); err != nil || !mine {
			return 0, err
		}
	}
	n, err := strconv.ParseInt(interval, 10, 64)
	if err != nil || n <= 0 || n > math.MaxInt64/int64(time.Microsecond) {
		return 0, fmt.Errorf("systemd: WATCHDOG_USEC=%s is not a number of microseconds", interval)
	}
	return time.Duration(n) * time.Microsecond, nil
}

// Watchdog tells systemd twice in each interval that the process is alive, until ctx ends: at those times at which healthy
// says yes, or at all if it is nil. A process that is silent for an interval is ended by systemd, with SIGABRT, and begun
// again if its unit says so (Restart=on-watchdog). It returns at once if systemd does not watch.
//
// The error is the last one of those that telling it had, which do not end it, or that of WatchdogInterval.
func Watchdog(ctx context.Context, healthy func() bool) error {
	interval, err := WatchdogInterval()
	if err != nil || interval == 0 {
		return err
	}
	ticker := time.NewTicker(interval / 2)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return err
		case <-ticker.C:
		}
		if healthy != nil && !healthy() {
			continue
		}
		if _, failed := Notify(alive); failed != nil {
			err = failed
		}
	}
}
