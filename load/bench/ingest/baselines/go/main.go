// What one writes first in Go: net/http, a pool of pgx, one prepared INSERT a request. The same route, checks of key and
// contract, table and receipt as A8; no record of refusals, no metrics, no bound on what waits.
package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const maxBodyBytes = 65536

const insert = `
INSERT INTO events (event_id, app_label, event_type, occurred_at, actor_id, session_id, source, payload, simulated,
  content_hash, request_id, key_id, forwarder_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (event_id) DO UPDATE SET deliveries = events.deliveries + 1
WHERE events.content_hash = excluded.content_hash
RETURNING received_at, (xmax = 0) AS inserted`

type receipt struct {
	Accepted   bool   `json:"accepted"`
	Persisted  bool   `json:"persisted"`
	EventID    string `json:"event_id"`
	ReceivedAt string `json:"received_at"`
	Duplicate  bool   `json:"duplicate"`
	RequestID  string `json:"request_id"`
}

type server struct {
	pool   *pgxpool.Pool
	digest []byte
}

func main() {
	digest, err := hex.DecodeString(os.Getenv("KEY_SHA256"))
	if err != nil {
		log.Fatal(err)
	}
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	size, err := strconv.Atoi(os.Getenv("POOL"))
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = int32(size)
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("POST /events", &server{pool: pool, digest: digest})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

func (s *server) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	token, _ := strings.CutPrefix(request.Header.Get("authorization"), "Bearer ")
	given := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(given[:], s.digest) != 1 {
		http.Error(response, "unauthorized", http.StatusUnauthorized)
		return
	}
	label, id, err := checkHeaders(request.Header)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, maxBodyBytes))
	if err != nil {
		http.Error(response, "body", http.StatusRequestEntityTooLarge)
		return
	}
	event, err := readEvent(body)
	if err != nil {
		http.Error(response, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	s.store(response, request, label, id, event)
}

func (s *server) store(response http.ResponseWriter, request *http.Request, label, id string, event *Event) {
	payload, err := json.Marshal(event.Payload)
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)
		return
	}
	hash, err := contentHash(label, event)
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)
		return
	}
	requestID := newID()
	var receivedAt time.Time
	var inserted bool
	err = s.pool.QueryRow(request.Context(), insert, id, label, event.EventType, event.OccurredAt, event.ActorID,
		event.SessionID, event.Source, payload, isSimulated(event), hash, requestID, "bench",
		request.Header.Get("x-forwarder-id")).Scan(&receivedAt, &inserted)
	if errors.Is(err, pgx.ErrNoRows) {
		http.Error(response, "event_id_conflict", http.StatusConflict)
		return
	}
	if err != nil {
		http.Error(response, "unavailable", http.StatusServiceUnavailable)
		return
	}
	answer, err := json.Marshal(receipt{true, true, id, receivedAt.UTC().Format("2006-01-02T15:04:05.000Z"), !inserted, requestID})
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)
		return
	}
	response.Header().Set("content-type", "application/json")
	if inserted {
		response.WriteHeader(http.StatusCreated)
	}
	_, _ = response.Write(answer)
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
