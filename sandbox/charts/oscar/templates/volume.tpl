apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: oscar-pvc
  namespace: {{ .Values.servicesNamespace | quote }}
spec:
  accessModes:
    - ReadWriteMany
{{- if .Values.volume.storageClassName }}
  storageClassName: {{ .Values.volume.storageClassName | quote }}
{{- end }}
  resources:
    requests:
      storage: 2Gi
---
# Puts programs into the volume, and is gone two minutes after.
apiVersion: batch/v1
kind: Job
metadata:
  name: populate-volume-job
  namespace: {{ .Values.servicesNamespace | quote }}
spec:
  ttlSecondsAfterFinished: 120
  template:
    spec:
      containers:
        - name: bin-downloader
          image: "ghcr.io/grycap/oscar-bin-downloader:{{ .Values.image.tag }}"
          env:
            - name: FAAS_SUPERVISOR_VERSION
              value: {{ .Values.volume.supervisorVersion | quote }}
            - name: WATCHDOG_VERSION
              value: {{ .Values.volume.watchdogVersion | quote }}
          volumeMounts:
            - name: oscar-vol
              mountPath: /data
      restartPolicy: Never
      volumes:
        - name: oscar-vol
          persistentVolumeClaim:
            claimName: oscar-pvc
