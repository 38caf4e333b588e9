{{- if .Values.storageClass.create }}
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: {{ .Values.storageClass.name }}
  labels:
    app: {{ .Values.nameOverride }}
    release: {{ .Release.Name }}
provisioner: {{ .Values.storageClass.provisionerName }}
reclaimPolicy: {{ .Values.storageClass.reclaimPolicy }}
mountOptions: [vers=3, retrans=2, timeo=30]
allowVolumeExpansion: true
{{- end }}
